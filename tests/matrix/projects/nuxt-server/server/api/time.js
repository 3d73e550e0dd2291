export default defineEventHandler(() => Date.now());
