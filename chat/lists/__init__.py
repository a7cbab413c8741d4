"""Lists of sessions in private chats: composed when asked for, and again as sessions change."""
