document.getElementById("says").textContent = `bun says ${6 * 7}`;
