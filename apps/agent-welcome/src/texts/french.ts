import { company, type WelcomeTexts } from './welcome-texts.js';

export const french: WelcomeTexts = {
  greeting: 'Bonjour,',
  unnamedPlan: company,
  plans: {
    trial: {
      subject: (plan) => `Votre période d’essai ${plan} a commencé`,
      body: (plan) => [
        `Merci d’essayer ${company}. Votre période d’essai ${plan} est active dès maintenant, avec toutes les fonctionnalités et sans moyen de paiement à fournir.`,
        'Pour bien commencer, importez quelques-unes de vos données et créez un premier rapport : dix minutes suffisent pour savoir si notre outil vous convient.',
        'Nous vous préviendrons avant la fin de l’essai. Rien ne vous sera facturé tant que vous n’aurez pas choisi d’offre.',
      ],
    },
    enterprise: {
      subject: () => `Bienvenue chez ${company} Enterprise`,
      body: () => [
        `Merci d’avoir choisi ${company} Enterprise.`,
        'La personne chargée de votre compte vous écrira sous un jour ouvré pour préparer le déploiement avec vous : authentification unique, rôles et reprise de vos données.',
        'Si vous souhaitez commencer sans attendre, vous pouvez inviter vos collègues dès aujourd’hui. Le nombre de places n’est pas limité.',
      ],
    },
    paid: {
      subject: (plan) => `Bienvenue chez ${company} ${plan}`,
      body: (plan) => [
        `Merci d’avoir choisi ${company} ${plan}. Votre compte est prêt.`,
        'Commencez par inviter votre équipe et par relier votre première source de données : vous trouverez les deux sur la page d’accueil après votre connexion.',
      ],
    },
    free: {
      subject: () => `Bienvenue chez ${company}`,
      body: (plan) => [
        `Votre compte ${plan} est prêt, et il restera gratuit aussi longtemps que vous le voudrez.`,
        'Commencez par l’un des projets d’exemple : ils montrent sans préparation ce que vous pouvez faire. Vous pourrez changer d’offre à tout moment sans perdre votre travail.',
      ],
    },
    unknown: {
      subject: () => `Bienvenue chez ${company}`,
      body: () => [
        'Merci pour votre inscription. Votre compte est prêt.',
        'La page d’accueil présente le contenu de votre offre et vous propose une première étape.',
      ],
    },
  },
  support: (city) =>
    `Une question ? Répondez simplement à ce message. Notre équipe d’assistance vous répond du lundi au vendredi, de 9 h à 18 h (heure de ${city}).`,
  closing: `Bien cordialement,\nl’équipe ${company}`,
  legal: {
    california:
      'Vous recevez ce message car vous vous êtes inscrit chez nous. Nous ne vendons pas vos données personnelles ; vos droits au titre du California Consumer Privacy Act figurent dans notre politique de confidentialité.',
    eu: 'Vous recevez ce message car vous vous êtes inscrit chez nous. Nous traitons vos données conformément au RGPD ; vous pouvez à tout moment en demander l’accès, la rectification ou l’effacement.',
    uk: 'Vous recevez ce message car vous vous êtes inscrit chez nous. Nous traitons vos données conformément au droit britannique ; vous pouvez à tout moment en demander l’accès, la rectification ou l’effacement.',
    switzerland:
      'Vous recevez ce message car vous vous êtes inscrit chez nous. Nous traitons vos données conformément à la loi fédérale suisse sur la protection des données ; vous pouvez à tout moment en demander l’accès, la rectification ou l’effacement.',
    japan:
      'Vous recevez ce message car vous vous êtes inscrit chez nous. Nous traitons vos données conformément à la loi japonaise sur la protection des données ; vous pouvez à tout moment en demander la communication ou la rectification.',
    general:
      'Vous recevez ce message car vous vous êtes inscrit chez nous. Notre politique de confidentialité explique comment nous traitons vos données et comment les faire rectifier ou supprimer.',
  },
};
