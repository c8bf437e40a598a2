"""The compiled kernel of the profile fit: many fits side by side, by Fisher scoring with exact derivatives.

`LANES` fits advance together. Every inner loop runs over the lanes, and every sum over points runs in the
same order in each of them, so that the processor's vector units are busy and yet a fit's result does not
depend on the fits beside it. A lane that has converged is frozen.

What is minimised, in the notation of `x17.statistics.model`, is

    χ²(θ) = Σ_i ℓ_i(m_i(θ)) + (θ − c)ᵀ Λ (θ − c),   m_i = X_i K_i (1 + u A V_i r_i),   u = g².

"Gradient" and "Hessian" are those of χ²/2, so that the covariance is the inverse Hessian and a Newton step
lowers χ² by gradientᵀ·Hessian⁻¹·gradient.
"""
