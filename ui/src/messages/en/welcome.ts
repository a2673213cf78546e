export default {
  "welcome.title": "See who is calling before you answer",
  "welcome.text": "Ringside sits beside your telephone: it shows the caller, dials what you click, and knows who is free.",
  "welcome.connect": "Connect an account",
  "welcome.connect_text": "You have the access to a telephone service at hand.",
  "welcome.import": "Import a configuration",
  "welcome.import_text": "Your administrator gave you a file that ends in .toml.",
  "welcome.demo": "Look around",
  "welcome.demo_opening": "Opening the demo exchange …",
  "welcome.demo_text": "A demo exchange with an office day. Nothing leaves this computer.",
} as const;
