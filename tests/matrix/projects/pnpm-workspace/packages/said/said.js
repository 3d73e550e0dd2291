export const said = 6 * 7;
