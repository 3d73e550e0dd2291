document.getElementById("says").textContent = `plain says ${6 * 7}`;
