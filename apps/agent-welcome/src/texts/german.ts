import { company, type WelcomeTexts } from './welcome-texts.js';

export const german: WelcomeTexts = {
  greeting: 'Guten Tag,',
  unnamedPlan: company,
  plans: {
    trial: {
      subject: (plan) => `Ihre Testphase für ${plan} hat begonnen`,
      body: (plan) => [
        `vielen Dank, dass Sie ${company} ausprobieren. Ihre Testphase für ${plan} läuft ab sofort, mit allen Funktionen und ohne Angabe von Zahlungsdaten.`,
        'Unser Vorschlag für den Anfang: Übernehmen Sie einige eigene Daten und erstellen Sie einen Bericht. Nach etwa zehn Minuten wissen Sie, ob wir zu Ihnen passen.',
        'Wir erinnern Sie rechtzeitig, bevor die Testphase endet. Kosten entstehen nur, wenn Sie sich für einen Tarif entscheiden.',
      ],
    },
    enterprise: {
      subject: () => `Willkommen bei ${company} Enterprise`,
      body: () => [
        `vielen Dank, dass Sie sich für ${company} Enterprise entschieden haben.`,
        'Ihre persönliche Ansprechperson meldet sich innerhalb eines Arbeitstags, um die Einführung mit Ihnen zu planen: Single Sign-on, Rollen und die Übernahme Ihrer Daten.',
        'Wenn Sie schon vorher beginnen möchten, können Sie heute Ihr Team einladen. Die Zahl der Plätze ist nicht begrenzt.',
      ],
    },
    paid: {
      subject: (plan) => `Willkommen bei ${company} ${plan}`,
      body: (plan) => [
        `vielen Dank, dass Sie sich für ${company} ${plan} entschieden haben. Ihr Konto ist eingerichtet.`,
        'Laden Sie am besten zuerst Ihr Team ein und verbinden Sie Ihre erste Datenquelle; beides finden Sie auf der Startseite nach der Anmeldung.',
      ],
    },
    free: {
      subject: () => `Willkommen bei ${company}`,
      body: (plan) => [
        `Ihr Konto im Tarif ${plan} ist eingerichtet und bleibt kostenlos, so lange Sie möchten.`,
        'Beginnen Sie mit einem der Beispielprojekte: Sie zeigen ohne Vorbereitung, was möglich ist. Wenn Sie später mehr brauchen, wechseln Sie jederzeit den Tarif und behalten Ihre Arbeit.',
      ],
    },
    unknown: {
      subject: () => `Willkommen bei ${company}`,
      body: () => [
        'vielen Dank für Ihre Anmeldung. Ihr Konto ist eingerichtet.',
        'Auf der Startseite nach der Anmeldung sehen Sie, was Ihr Tarif enthält und womit Sie beginnen können.',
      ],
    },
  },
  support: (city) =>
    `Haben Sie Fragen? Antworten Sie einfach auf diese Mail. Unser Support ist montags bis freitags von 9 bis 18 Uhr für Sie da (Ortszeit ${city}).`,
  closing: `Mit freundlichen Grüßen\nIhr Team von ${company}`,
  legal: {
    california:
      'Sie erhalten diese Mail, weil Sie sich bei uns angemeldet haben. Wir verkaufen Ihre persönlichen Daten nicht; Ihre Rechte nach dem California Consumer Privacy Act beschreibt unsere Datenschutzerklärung.',
    eu: 'Sie erhalten diese Mail, weil Sie sich bei uns angemeldet haben. Wir verarbeiten Ihre Daten nach der Datenschutz-Grundverordnung; Sie können jederzeit Auskunft, Berichtigung oder Löschung verlangen.',
    uk: 'Sie erhalten diese Mail, weil Sie sich bei uns angemeldet haben. Wir verarbeiten Ihre Daten nach dem britischen Datenschutzrecht; Sie können jederzeit Auskunft, Berichtigung oder Löschung verlangen.',
    switzerland:
      'Sie erhalten diese Mail, weil Sie sich bei uns angemeldet haben. Wir bearbeiten Ihre Daten nach dem Schweizer Datenschutzgesetz; Sie können jederzeit Auskunft, Berichtigung oder Löschung verlangen.',
    japan:
      'Sie erhalten diese Mail, weil Sie sich bei uns angemeldet haben. Wir verarbeiten Ihre Daten nach dem japanischen Datenschutzgesetz; Sie können jederzeit Auskunft oder Berichtigung verlangen.',
    general:
      'Sie erhalten diese Mail, weil Sie sich bei uns angemeldet haben. Wie wir mit Ihren Daten umgehen und wie Sie sie berichtigen oder löschen lassen, steht in unserer Datenschutzerklärung.',
  },
};
