const escape = String.fromCharCode(27);
/** The colours of our own tables; sequences in data are none of them. */
export const style = new RegExp(String.raw`${escape}\[(?:0|1|31)m`, 'g');
