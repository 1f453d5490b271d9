import { localeOf } from './locale.js';
import { welcomeMail } from './welcome.decide.js';

/** Mails word for word: who changes a text sees here what people will read. */
const mails: [plan: string, location: string, subject: string, body: string[]][] = [
  [
    'enterprise',
    'GB',
    'Welcome to Acme Solutions Enterprise',
    [
      'Hello,',
      'Thank you for choosing Acme Solutions Enterprise.',
      'Your account manager will write to you within one working day to plan the roll-out with you: single sign-on, roles, and moving your data.',
      'If you would like to start before that, you can invite your colleagues today. There is no limit on seats.',
      'Questions? Just reply to this mail. Our support team answers Monday to Friday, 9:00 to 18:00 (London time).',
      'Kind regards,\nthe team at Acme Solutions',
      '-- \nYou receive this mail because you signed up with us. We process your data under the UK GDPR and the Data Protection Act 2018; you may ask for access, correction or erasure at any time.',
    ],
  ],
  [
    'premium_trial',
    'CH',
    'Ihre Testphase für Premium hat begonnen',
    [
      'Guten Tag,',
      'vielen Dank, dass Sie Acme Solutions ausprobieren. Ihre Testphase für Premium läuft ab sofort, mit allen Funktionen und ohne Angabe von Zahlungsdaten.',
      'Unser Vorschlag für den Anfang: Übernehmen Sie einige eigene Daten und erstellen Sie einen Bericht. Nach etwa zehn Minuten wissen Sie, ob wir zu Ihnen passen.',
      'Wir erinnern Sie rechtzeitig, bevor die Testphase endet. Kosten entstehen nur, wenn Sie sich für einen Tarif entscheiden.',
      'Haben Sie Fragen? Antworten Sie einfach auf diese Mail. Unser Support ist montags bis freitags von 9 bis 18 Uhr für Sie da (Ortszeit Zurich).',
      'Mit freundlichen Grüßen\nIhr Team von Acme Solutions',
      '-- \nSie erhalten diese Mail, weil Sie sich bei uns angemeldet haben. Wir bearbeiten Ihre Daten nach dem Schweizer Datenschutzgesetz; Sie können jederzeit Auskunft, Berichtigung oder Löschung verlangen.',
    ],
  ],
  [
    'basic',
    'CA-QC',
    'Bienvenue chez Acme Solutions',
    [
      'Bonjour,',
      'Votre compte Basic est prêt, et il restera gratuit aussi longtemps que vous le voudrez.',
      'Commencez par l’un des projets d’exemple : ils montrent sans préparation ce que vous pouvez faire. Vous pourrez changer d’offre à tout moment sans perdre votre travail.',
      'Une question ? Répondez simplement à ce message. Notre équipe d’assistance vous répond du lundi au vendredi, de 9 h à 18 h (heure de Toronto).',
      'Bien cordialement,\nl’équipe Acme Solutions',
      '-- \nVous recevez ce message car vous vous êtes inscrit chez nous. Notre politique de confidentialité explique comment nous traitons vos données et comment les faire rectifier ou supprimer.',
    ],
  ],
  [
    'team',
    'MX',
    'Te damos la bienvenida a Acme Solutions Team',
    [
      'Hola:',
      'Gracias por elegir Acme Solutions Team. Tu cuenta está lista.',
      'Empieza por invitar a tu equipo y conectar tu primera fuente de datos; encontrarás ambas opciones en la página de inicio.',
      '¿Tienes alguna pregunta? Responde a este mensaje. Nuestro equipo de soporte atiende de lunes a viernes, de 9:00 a 18:00 (hora de Mexico City).',
      'Un saludo,\nel equipo de Acme Solutions',
      '-- \nRecibes este mensaje porque te has registrado con nosotros. Nuestro aviso de privacidad explica cómo tratamos tus datos y cómo puedes pedir que se corrijan o eliminen.',
    ],
  ],
  [
    'gold',
    'JP',
    'Acme Solutions へようこそ',
    [
      'お客様',
      'ご登録いただき、ありがとうございます。アカウントの準備が整いました。',
      'ログイン後の画面で、ご利用プランの内容と最初の手順をご確認いただけます。',
      'ご不明な点がございましたら、このメールにご返信ください。サポートの受付時間は月曜日から金曜日の9時から18時まで（Tokyo 時間）です。',
      '今後ともよろしくお願いいたします。\nAcme Solutions チーム',
      '-- \nこのメールは、ご登録いただいた方にお送りしています。個人情報は個人情報保護法に基づいて取り扱います。開示、訂正はいつでもご請求いただけます。',
    ],
  ],
];

it.each(mails)('%s in %s', (plan, location, subject, body) => {
  expect(welcomeMail(plan, localeOf(location))).toEqual({ subject, body: body.join('\n\n') });
});
