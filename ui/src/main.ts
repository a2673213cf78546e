import "./styles/tokens.css";
import "./styles/base.css";
import { mount } from "svelte";
import { connect } from "./host/connect";
import { words } from "./messages";
import { app } from "./model/app.svelte";
import Main from "./views/Main.svelte";

const host = connect();
// The computer's language comes first: whoever chose another one has it a moment later, with the settings.
await words.choose("auto");
const target = document.getElementById("app");
if (target) mount(Main, { target });
app.start(await host);
