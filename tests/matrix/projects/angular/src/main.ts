import { Component, provideZonelessChangeDetection } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";

@Component({ selector: "says-root", template: "<h1>angular says {{ 6 * 7 }}</h1>" })
class Root {}

bootstrapApplication(Root, { providers: [provideZonelessChangeDetection()] });
