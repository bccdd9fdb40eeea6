import { mount } from "svelte";
import App from "./app/App.svelte";
import "./app/base.css";
import "./app/tokens.css";
import { followSystemTheme } from "./frame/theme";

followSystemTheme(document.documentElement);

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app");
mount(App, { target });
