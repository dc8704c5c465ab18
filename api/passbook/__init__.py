"""The passbook (学时存折): what a person earned as one file, made here and recomputed anywhere."""
