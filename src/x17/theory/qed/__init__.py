"""QED of two-body final states: e⁺e⁻ → e⁺e⁻ (Bhabha) and e⁺e⁻ → γγ, at tree level and with radiation."""
