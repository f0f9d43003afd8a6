"""How we find: model, FAISS, keyword index, calibration, evaluation; implements what the bot retrieves with."""
