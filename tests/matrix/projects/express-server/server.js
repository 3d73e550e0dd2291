import express from "express";

const app = express();
app.get("/", (request, response) => response.send(`express-server says ${6 * 7}`));
app.listen(process.env.PORT ?? 3000);
