/** What stands in the place of a removed value. */
export const redacted = '[redacted]';

/** Headers that carry credentials. */
export const sensitiveHeader = /signature|authorization|cookie|secret|token|password|credential|api-?key/i;

/** Members that are removed with all they hold; compared in lower case without `_`, `-`, `.` and blanks. */
export const sensitiveNames: ReadonlySet<string> = new Set([
  // people
  ...[
    'name',
    'firstname',
    'lastname',
    'fullname',
    'givenname',
    'familyname',
    'middlename',
    'maidenname',
    'surname',
  ],
  ...[
    'username',
    'displayname',
    'customername',
    'contactname',
    'recipientname',
    'personname',
    'author',
    'birthdate',
  ],
  ...['dateofbirth', 'dob', 'ssn', 'socialsecuritynumber', 'passportnumber', 'taxid'],
  // ways to reach them
  ...[
    'to',
    'cc',
    'bcc',
    'phone',
    'phonenumber',
    'mobile',
    'mobilenumber',
    'tel',
    'telephone',
    'fax',
    'street',
  ],
  ...[
    'address',
    'addressline1',
    'addressline2',
    'streetaddress',
    'postaladdress',
    'homeaddress',
    'ipaddress',
  ],
  // money
  ...['cardnumber', 'creditcard', 'creditcardnumber', 'pan', 'cvv', 'cvc', 'iban', 'accountnumber', 'bic'],
]);

/** Parts of names that make a member sensitive wherever they occur. */
export const sensitiveNamePart =
  /token|secret|passw|passphrase|credential|authorization|cookie|signature|api[-_. ]?key|private[-_. ]?key/i;

/** Part of the names of members that hold mail addresses. */
export const mailNamePart = /e-?mail/i;

export const mailAddress = /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}/g;

/** True when some pattern below can match: one cheap look for the usual text. */
export const suspiciousText =
  /@|\d(?:[ -]?\d){12}|\+\d|eyJ|earer |[-_](?:live|test)_|gh[opsur]_|xox|AKIA|PRIVATE KEY/;

/** Patterns removed from any text, besides mail addresses. Each is bounded, so that no text makes matching slow. */
export const sensitivePatterns: readonly RegExp[] = [
  // international phone number
  /\+\d(?:[ ().-]{0,2}\d){6,14}/g,
  // JSON web token, bearer token
  /eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{2,}(?:\.[A-Za-z0-9_-]*)?/g,
  /[Bb]earer [A-Za-z0-9._~+/=-]{8,}/g,
  // keys of well-known providers
  /\b[srp]k[-_](?:live|test)_[A-Za-z0-9]{8,}/g,
  /\bgh[opsur]_[A-Za-z0-9]{20,}/g,
  /\bxox[abeprs]-[A-Za-z0-9-]{8,}/g,
  /\bAKIA[A-Z0-9]{12,}/g,
  /-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,32}PRIVATE KEY-----)?/g,
];

/** Text that may be a payment card's number; the check digit decides. */
export const cardLike = /\b[2-6]\d{3}(?:[ -]?\d){9,15}\b/g;

/** True when the digits of a text pass the check of payment cards (Luhn). */
export function passesCardCheck(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    sum += at % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return digits.length >= 13 && digits.length <= 19 && sum % 10 === 0;
}
