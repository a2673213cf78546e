import "./styles/tokens.css";
import "./styles/base.css";
import { mount } from "svelte";
import { connect } from "./host/connect";
import { app } from "./model/app.svelte";
import Main from "./views/Main.svelte";

const target = document.getElementById("app");
if (target) mount(Main, { target });
app.start(await connect());
