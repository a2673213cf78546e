import "./styles/tokens.css";
import "./styles/base.css";
import { mount } from "svelte";
import CardStack from "./features/card/CardStack.svelte";
import { Cards } from "./features/card/cards.svelte";
import { connect } from "./host/connect";

const cards = new Cards(await connect());
const target = document.getElementById("app");
if (target) mount(CardStack, { target, props: { cards } });
// The face is fetched now: a first card must not wait for it.
void document.fonts.load('600 20px "Inter Variable"');
await cards.start();
