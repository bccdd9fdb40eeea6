import { mount } from "svelte";
import "./app/tokens.css";
import "./app/base.css";
import App from "./app/App.svelte";
import { followSystemTheme } from "./app/theme";

followSystemTheme(document.documentElement);

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app");
mount(App, { target });
