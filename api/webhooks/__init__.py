"""/desk/webhooks: a manager says which systems are told of what, and sees what became of it."""
