"""Who is asking, what they may do, how often they may try. No facts of the ledger are made here."""
