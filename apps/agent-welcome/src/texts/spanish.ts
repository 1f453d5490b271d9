import { company, type WelcomeTexts } from './welcome-texts.js';

export const spanish: WelcomeTexts = {
  greeting: 'Hola:',
  unnamedPlan: company,
  plans: {
    trial: {
      subject: (plan) => `Tu prueba de ${plan} ha comenzado`,
      body: (plan) => [
        `Gracias por probar ${company}. Tu prueba de ${plan} ya está activa, con todas las funciones y sin necesidad de indicar datos de pago.`,
        'Te proponemos un primer paso: importa algunos de tus datos y crea un informe. En unos diez minutos sabrás si somos lo que buscas.',
        'Te avisaremos antes de que termine la prueba. No se te cobrará nada si no eliges un plan.',
      ],
    },
    enterprise: {
      subject: () => `Te damos la bienvenida a ${company} Enterprise`,
      body: () => [
        `Gracias por elegir ${company} Enterprise.`,
        'La persona responsable de tu cuenta te escribirá en un día laborable para planificar contigo la puesta en marcha: inicio de sesión único, permisos y traslado de tus datos.',
        'Si quieres empezar antes, puedes invitar a tu equipo hoy mismo. No hay límite de usuarios.',
      ],
    },
    paid: {
      subject: (plan) => `Te damos la bienvenida a ${company} ${plan}`,
      body: (plan) => [
        `Gracias por elegir ${company} ${plan}. Tu cuenta está lista.`,
        'Empieza por invitar a tu equipo y conectar tu primera fuente de datos; encontrarás ambas opciones en la página de inicio.',
      ],
    },
    free: {
      subject: () => `Te damos la bienvenida a ${company}`,
      body: (plan) => [
        `Tu cuenta ${plan} está lista y seguirá siendo gratuita todo el tiempo que quieras.`,
        'Empieza con uno de los proyectos de ejemplo: muestran sin preparación lo que puedes hacer. Si más adelante necesitas más, podrás cambiar de plan en cualquier momento y conservar tu trabajo.',
      ],
    },
    unknown: {
      subject: () => `Te damos la bienvenida a ${company}`,
      body: () => [
        'Gracias por registrarte. Tu cuenta está lista.',
        'La página de inicio muestra lo que incluye tu plan y te propone un primer paso.',
      ],
    },
  },
  support: (city) =>
    `¿Tienes alguna pregunta? Responde a este mensaje. Nuestro equipo de soporte atiende de lunes a viernes, de 9:00 a 18:00 (hora de ${city}).`,
  closing: `Un saludo,\nel equipo de ${company}`,
  legal: {
    california:
      'Recibes este mensaje porque te has registrado con nosotros. No vendemos tus datos personales; nuestro aviso de privacidad describe tus derechos según la California Consumer Privacy Act.',
    eu: 'Recibes este mensaje porque te has registrado con nosotros. Tratamos tus datos conforme al RGPD; puedes solicitar en cualquier momento su acceso, rectificación o supresión.',
    uk: 'Recibes este mensaje porque te has registrado con nosotros. Tratamos tus datos conforme a la legislación británica; puedes solicitar en cualquier momento su acceso, rectificación o supresión.',
    switzerland:
      'Recibes este mensaje porque te has registrado con nosotros. Tratamos tus datos conforme a la ley suiza de protección de datos; puedes solicitar en cualquier momento su acceso, rectificación o supresión.',
    japan:
      'Recibes este mensaje porque te has registrado con nosotros. Tratamos tus datos conforme a la ley japonesa de protección de datos; puedes solicitar en cualquier momento su consulta o rectificación.',
    general:
      'Recibes este mensaje porque te has registrado con nosotros. Nuestro aviso de privacidad explica cómo tratamos tus datos y cómo puedes pedir que se corrijan o eliminen.',
  },
};
