# Fit in R every estimator of the evaluation on the tables beside this script, and keep the numbers as JSON.
#
#   Rscript fits.R FOLDER_OF_TABLES RESULTS.json
#
# Debian: r-base-core r-cran-lme4 r-cran-glmmtmb r-cran-lmertest r-cran-mass r-cran-clubsandwich r-cran-geepack
#         r-cran-aer r-cran-mice r-cran-jsonlite
suppressPackageStartupMessages({
  library(lme4)
  library(lmerTest)
  library(glmmTMB)
  library(clubSandwich)
  library(geepack)
})
invisible(Sys.setlocale("LC_COLLATE", "C")) # so that the base level of a factor does not depend on the machine
arguments <- commandArgs(trailingOnly = TRUE)
tables <- arguments[1]
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(here, "describe.R"))

years <- read.csv(file.path(tables, "school_years.csv"))
schools <- read.csv(file.path(tables, "schools.csv"))
pupils <- read.csv(file.path(tables, "pupils.csv"))
supervision <- read.csv(file.path(tables, "supervision.csv"))
contacted <- subset(supervision, contacts > 0)
contacted$other <- contacted$contacts - contacted$no_further_action
known <- subset(pupils, !is.na(prior)) # clubSandwich and geepack want their clusters without missing rows
in_care <- subset(pupils, care_days > 0)
twenty <- subset(schools, school %in% sort(school)[seq(1, 120, by = 6)])
of_twenty <- subset(known, school %in% twenty$school) # few and small clusters, where corrections differ most

tight_lme4 <- glmerControl(optimizer = "bobyqa", tolPwrss = 1e-12, optCtrl = list(rhoend = 1e-9, maxfun = 1e5))
tight_lmer <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5))
tight_tmb <- glmmTMBControl(optimizer = optim, optArgs = list(method = "BFGS"),
                            optCtrl = list(reltol = 1e-14, maxit = 1e4))

enquiries <- enquiries ~ arm + second_year + log_baseline_rate + fsm + offset(log(pupils))
with_random <- function(formula, ...) {
  Reduce(function(so_far, factor) update(so_far, paste(". ~ . + (1 |", factor, ")")), c(...), formula)
}
quadrature <- function(formula, data, family, points = 25) {
  describe_lme4(glmer(formula, data, family = family, nAGQ = points, control = tight_lme4), "lme4")
}
laplace <- function(formula, data, family) {
  describe_glmmtmb(glmmTMB(formula, data, family = family, control = tight_tmb))
}
linear <- function(formula, data, REML = TRUE) {
  describe_lme4(lmerTest::lmer(formula, data, REML = REML, control = tight_lmer), "lmerTest")
}
marginal <- function(formula, data, family, cluster, corstr) {
  data$cluster_number <- as.integer(factor(data[[cluster]]))
  data <- data[order(data$cluster_number), ] # geepack takes neighbouring rows for a cluster
  describe_gee(geeglm(formula, family = family, data = data, id = cluster_number, corstr = corstr,
                      control = geese.control(epsilon = 1e-12, maxit = 200)))
}

count_models <- function() {
  totals <- enquiries ~ arm + log_baseline_rate + fsm + offset(log(pupil_years))
  care <- care_days ~ arm + fsm + factor(authority) + offset(log(pupil_years))
  fixed <- update(totals, . ~ . + factor(authority))
  strict <- glm.control(epsilon = 1e-14, maxit = 200)
  list(
    poisson_authority_quadrature = quadrature(with_random(enquiries, "authority"), years, poisson),
    poisson_school_quadrature = quadrature(with_random(enquiries, "school"), years, poisson),
    poisson_authority_laplace = laplace(with_random(enquiries, "authority"), years, poisson),
    poisson_nested_laplace = laplace(with_random(enquiries, "authority", "school"), years, poisson),
    nb2_authority_laplace = laplace(with_random(enquiries, "authority"), years, nbinom2),
    nb2_nested_laplace = laplace(with_random(enquiries, "authority", "school"), years, nbinom2),
    nb2_totals_authority_laplace = laplace(with_random(totals, "authority"), schools, nbinom2),
    nb2_totals_fixed_authority = describe_glm(MASS::glm.nb(fixed, schools, control = strict), "MASS"),
    nb2_care_days_fixed_authority = describe_glm(MASS::glm.nb(care, schools, control = strict), "MASS"),
    poisson_totals_fixed_authority = describe_glm(glm(fixed, poisson, schools, control = strict), "stats"),
    quasi_poisson_care_days = describe_glm(glm(care, quasipoisson, schools, control = strict), "stats")
  )
}

logistic_models <- function() {
  absence <- persistently_absent ~ arm + fsm + prior
  ended <- cbind(no_further_action, other) ~ arm
  strict <- glm.control(epsilon = 1e-14)
  list(
    logistic_school_quadrature = quadrature(with_random(absence, "school"), pupils, binomial),
    logistic_school_laplace = laplace(with_random(absence, "school"), pupils, binomial),
    binomial_school_quadrature = quadrature(with_random(update(ended, . ~ . + factor(authority)), "school"),
                                            contacted, binomial),
    binomial_nested_laplace = laplace(with_random(ended, "authority", "school"), contacted, binomial),
    logistic_fixed = describe_glm(glm(absence, binomial, pupils, control = strict), "stats")
  )
}

linear_models <- function() {
  adjusted <- attainment ~ arm + prior + fsm
  wellbeing <- wellbeing_after ~ arm + wellbeing_before
  list(
    linear_nested_reml = linear(with_random(adjusted, "authority", "school"), pupils),
    linear_school_reml = linear(with_random(adjusted, "school"), pupils),
    linear_school_ml = linear(with_random(adjusted, "school"), pupils, REML = FALSE),
    linear_empty_reml = linear(with_random(attainment ~ 1, "school"), pupils),
    linear_slope_reml = linear(attainment ~ arm + prior + (1 + prior | school), pupils),
    wellbeing_authority_reml = linear(with_random(wellbeing, "authority"), supervision),
    icc_attainment = describe_icc(pupils$attainment, pupils$school)
  )
}

robust_models <- function() {
  adjusted <- attainment ~ arm + prior + fsm
  strict <- glm.control(epsilon = 1e-14)
  poisson_fit <- glm(enquiries, poisson, years, control = strict)
  totals <- glm(care_days ~ arm + fsm + offset(log(pupil_years)), quasipoisson, schools, control = strict)
  complier <- attainment ~ received + prior + fsm | arm + prior + fsm
  list(
    robust_linear_school = describe_robust(lm(adjusted, known), known$school),
    robust_linear_authority = describe_robust(lm(adjusted, of_twenty), of_twenty$authority),
    robust_poisson_school = describe_robust(poisson_fit, years$school),
    robust_poisson_authority = describe_robust(poisson_fit, years$authority),
    robust_quasi_poisson_authority = describe_robust(totals, schools$authority),
    robust_two_stage_school = describe_robust(AER::ivreg(complier, data = known), known$school),
    robust_two_stage_authority = describe_robust(AER::ivreg(complier, data = of_twenty), of_twenty$authority),
    robust_linear_mixed_school = describe_robust(lme4::lmer(with_random(adjusted, "school"), known,
                                                            control = tight_lmer)),
    robust_log_days_school = describe_robust(lm(log(care_days) ~ arm + fsm, in_care), in_care$school)
  )
}

marginal_models <- function() {
  absence <- persistently_absent ~ arm + fsm + prior
  list(
    marginal_poisson_school = marginal(enquiries, years, poisson, "school", "exchangeable"),
    marginal_poisson_independent = marginal(enquiries, years, poisson, "school", "independence"),
    marginal_logistic_school = marginal(absence, known, binomial, "school", "exchangeable"),
    marginal_linear_school = marginal(attainment ~ arm + prior + fsm, known, gaussian, "school", "exchangeable")
  )
}

# With independence as the working correlation, Mancl and DeRouen's covariance is CR3 of the plain model
bias_reduced_models <- function() {
  by_school <- function(fit, cluster) {
    robust <- describe_robust(fit, cluster, "CR3")
    list(software = "clubSandwich", coef = robust$coef, se = robust$CR3$se)
  }
  strict <- glm.control(epsilon = 1e-14)
  list(
    bias_reduced_linear_school = by_school(lm(attainment ~ arm + prior + fsm, known), known$school),
    bias_reduced_poisson_authority = by_school(glm(enquiries, poisson, years, control = strict), years$authority)
  )
}

# Share of pupils with a day in care, standardised over schools, times the days of those with one
hurdle <- function() {
  pupils$any <- as.numeric(pupils$care_days > 0)
  share <- glm(any ~ arm + fsm, binomial, pupils, control = glm.control(epsilon = 1e-14))
  days <- lm(log(care_days) ~ arm + fsm, in_care)
  mean_at <- function(side) mean(predict(share, replace(pupils, "arm", side), type = "response"))
  of_any <- log(mean_at(1) / mean_at(0))
  of_days <- coef(days)[["arm"]]
  list(hurdle_care_days = list(software = "stats", log_ratio_any = of_any, log_ratio_days = of_days,
                               log_ratio = of_any + of_days))
}

# Posterior of a log rate ratio under a normal prior, by numerical integration rather than by the closed form
posterior <- function() {
  density <- function(x) dnorm(log(1.055), x, 0.051) * dnorm(x, 0, 0.2)
  integral <- function(of, to = Inf) {
    integrate(of, -2, min(to, 2), rel.tol = 1e-12, abs.tol = 0, subdivisions = 1000L)$value
  }
  total <- integral(density)
  centre <- integral(function(x) x * density(x)) / total
  list(posterior_sceptical = list(
    software = "stats",
    mean = centre,
    sd = sqrt(integral(function(x) (x - centre)^2 * density(x)) / total),
    below_one = integral(density, to = 0) / total
  ))
}

pooling <- function() {
  measured <- pupils[c("arm", "fsm", "girl", "attainment", "prior")]
  imputed <- mice::mice(measured, m = 20, seed = 20260901, printFlag = FALSE)
  fits <- with(imputed, lm(attainment ~ arm + prior + fsm))
  list(rubin_arm = describe_pooling(fits, "arm"), rubin_prior = describe_pooling(fits, "prior"))
}

closed_forms <- function() {
  p <- c(0.011, 0.004, 0.3, 0.03, 0.011, 0.9)
  df <- c(9, 18, 120.5)
  list(
    holm = list(software = "stats", p_raw = p, adjusted = p.adjust(p, "holm")),
    small_sample_factor = list(software = "stats", df_given = df,
                               factor = exp(lgamma(df / 2) - lgamma((df - 1) / 2)) / sqrt(df / 2))
  )
}

# Every allocation that keeps the arms' numbers within two small authorities, by Rao's score statistic of the arm
randomisation <- function() {
  few <- subset(schools, authority %in% c("dale", "fen"))
  without <- glm(enquiries ~ log_baseline_rate + factor(authority) + offset(log(pupil_years)), poisson, few,
                 control = glm.control(epsilon = 1e-14))
  rao <- function(arm) {
    few$drawn <- arm
    anova(without, update(without, . ~ . + drawn, data = few), test = "Rao")$Rao[2]
  }
  places <- split(seq_len(nrow(few)), few$authority)
  chosen <- lapply(places, function(rows) combn(rows, sum(few$arm[rows]), simplify = FALSE))
  every <- apply(expand.grid(lapply(chosen, seq_along)), 1, function(pick) {
    treated <- unlist(Map(function(options, which) options[[which]], chosen, pick))
    rao(as.numeric(seq_len(nrow(few)) %in% treated))
  })
  made <- rao(few$arm)
  list(randomisation_exact = list(software = "stats", allocations = length(every), statistic = sqrt(made),
                                  p_value = mean(every >= made * (1 - 1e-9))))
}

# Arm by authority, added to the last weighted least-squares step of the model with one effect: F, and between
# authorities the standard deviation by DerSimonian and Laird's moments
heterogeneity <- function() {
  one <- MASS::glm.nb(enquiries ~ arm + fsm + factor(authority) + offset(log(pupil_years)), schools,
                      control = glm.control(epsilon = 1e-14, maxit = 200))
  last <- cbind(schools, working = residuals(one, "working"), w = one$weights)
  common <- lm(working ~ arm + fsm + factor(authority), last, weights = w)
  own <- lm(working ~ fsm + factor(authority) + factor(authority):arm, last, weights = w)
  test <- anova(common, own)
  found <- coef(summary(own))
  found <- found[grep(":arm", rownames(found)), ]
  precision <- found[, "Std. Error"]^-2
  q <- sum(precision * (found[, "Estimate"] - weighted.mean(found[, "Estimate"], precision))^2)
  spread <- (q - nrow(found) + 1) / (sum(precision) - sum(precision^2) / sum(precision))
  list(heterogeneity_authority = list(software = "MASS", F = test$F[2], test_df = c(test$Df[2], test$Res.Df[2]),
                                      p_value = test$`Pr(>F)`[2], between_sd = sqrt(max(spread, 0))))
}

used <- c("lme4", "lmerTest", "glmmTMB", "TMB", "MASS", "clubSandwich", "geepack", "AER", "mice", "jsonlite")
results <- list(
  r = paste(R.version$major, R.version$minor, sep = "."),
  packages = as.list(vapply(used, function(name) as.character(packageVersion(name)), "")),
  fits = c(count_models(), logistic_models(), linear_models(), robust_models(), marginal_models(), bias_reduced_models(), pooling(),
           hurdle(), posterior(), randomisation(), heterogeneity(), closed_forms())
)
jsonlite::write_json(results, arguments[2], digits = NA, auto_unbox = TRUE, null = "null", pretty = 1)
