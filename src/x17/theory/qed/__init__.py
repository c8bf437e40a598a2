"""QED of two-body final states: e⁺e⁻ → e⁺e⁻ (Bhabha) and e⁺e⁻ → γγ, at tree level and with radiation."""

from x17.theory.qed.corrected import CrossSection, Order, Process, cross_section

__all__ = ["CrossSection", "Order", "Process", "cross_section"]
