/** A setting that cannot be: the sentence names it, what is wrong and where it is documented. */
export class WrongSetting extends Error {}
