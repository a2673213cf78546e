// A real Socket.IO server on a free port of this computer: `node server.js 2` or `node server.js 4`. Writes its port.

const version = process.argv[2];
const options = { pingInterval: 200, pingTimeout: 2000, serveClient: false };
const http = require("node:http").createServer();
const io = version === "2" ? require("socket.io-2")(http, options) : new (require("socket.io-4").Server)(http, options);

io.use((socket, next) => (socket.handshake.query.token === "good" ? next() : next(new Error("Authentication error"))));

io.on("connection", (socket) => {
  socket.emit("loginSuccess", { server: version });
  socket.on("resync", (asked) => socket.emit("AllExtensionsStatus", { asked }));
  socket.on("closeme", () => socket.disconnect(true));
});

http.listen(0, "127.0.0.1", () => process.stdout.write(`${http.address().port}\n`));
