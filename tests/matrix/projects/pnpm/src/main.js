document.getElementById("says").textContent = `pnpm says ${6 * 7}`;
