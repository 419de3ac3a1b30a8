// Tails of Student's t distribution, for the p-values of mean_t.h. Degrees of freedom need not be
// whole. Knows nothing of samples.
#pragma once

namespace tickwerk::risk {

/// P(|T| >= |t|) for T of Student's t distribution with `degrees` > 0 degrees of freedom, in
/// [0, 1]; NaN when t is. Equal to the regularised incomplete beta function at degrees / (degrees +
/// t^2), by its continued fraction; about 1e-13 relative up to a million degrees.
/// Source: Abramowitz and Stegun (1964), "Handbook of Mathematical Functions", 26.5.8 and 26.7.1.
double student_t_two_sided(double t, double degrees) noexcept;

}  // namespace tickwerk::risk
