"""Models of counts and proportions: GLM, adaptive quadrature, Laplace."""
