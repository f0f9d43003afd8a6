"""How good a bot is on labelled questions, as one page that an editor can read: krupier evaluate --report."""
