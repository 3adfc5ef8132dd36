# What is kept of a fit: one function a kind of model, each giving a named list of plain numbers.

named <- function(values, names) as.list(setNames(as.numeric(values), names))

# lme4: linear (REML or ML, with lmerTest's Satterthwaite df) and generalised mixed models
describe_lme4 <- function(fit, package) {
  table <- coef(summary(fit))
  components <- as.data.frame(VarCorr(fit))
  is_intercept <- is.na(components$var1) | (components$var1 == "(Intercept)" & is.na(components$var2))
  terms <- ifelse(is.na(components$var2), components$var1, paste0(components$var1, ".", components$var2))
  kept <- list(
    software = package,
    coef = named(table[, "Estimate"], rownames(table)),
    se = named(table[, "Std. Error"], rownames(table)),
    varcomp = named(components$vcov, ifelse(is_intercept, components$grp, paste0(components$grp, ":", terms))),
    logLik = as.numeric(logLik(fit)),
    nobs = nobs(fit)
  )
  if ("df" %in% colnames(table)) kept$satterthwaite_df <- named(table[, "df"], rownames(table))
  kept
}

describe_glmmtmb <- function(fit) {
  table <- coef(summary(fit))$cond
  variances <- vapply(VarCorr(fit)$cond, function(block) block[1, 1], 0)
  list(
    software = "glmmTMB",
    coef = named(table[, "Estimate"], rownames(table)),
    se = named(table[, "Std. Error"], rownames(table)),
    varcomp = named(variances, names(variances)),
    theta = if (family(fit)$family == "nbinom2") sigma(fit) else NULL,
    logLik = as.numeric(logLik(fit)),
    nobs = nobs(fit)
  )
}

describe_glm <- function(fit, package) {
  table <- coef(summary(fit))
  list(
    software = package,
    coef = named(table[, "Estimate"], rownames(table)),
    se = named(table[, "Std. Error"], rownames(table)),
    theta = fit$theta,
    dispersion = if (startsWith(fit$family$family, "quasi")) summary(fit)$dispersion else NULL,
    logLik = if (startsWith(fit$family$family, "quasi")) NULL else as.numeric(logLik(fit)),
    nobs = nobs(fit)
  )
}

# clubSandwich: every correction with its Satterthwaite df
describe_robust <- function(fit, cluster = NULL, kinds = c("CR0", "CR1", "CR1S", "CR2", "CR3")) {
  one_kind <- function(kind) {
    table <- if (is.null(cluster)) {
      coef_test(fit, vcov = vcovCR(fit, type = kind), test = "Satterthwaite")
    } else {
      coef_test(fit, vcov = vcovCR(fit, cluster = cluster, type = kind), test = "Satterthwaite")
    }
    terms <- names(estimates_of(fit))
    list(se = named(table$SE, terms), df_satt = named(table$df_Satt, terms))
  }
  c(list(software = "clubSandwich", coef = named(estimates_of(fit), names(estimates_of(fit)))),
    setNames(lapply(kinds, one_kind), kinds))
}

estimates_of <- function(fit) if (inherits(fit, "merMod")) fixef(fit) else coef(fit)

describe_gee <- function(fit) {
  table <- coef(summary(fit))
  list(
    software = "geepack",
    coef = named(table[, "Estimate"], rownames(table)),
    se = named(table[, "Std.err"], rownames(table)),
    alpha = if (fit$corstr == "independence") NULL else as.numeric(fit$geese$alpha),
    scale = as.numeric(fit$geese$gamma),
    nobs = length(fit$y)
  )
}

# One-way analysis of variance: intraclass correlation with Searle's exact interval for k groups of n0 on average
describe_icc <- function(values, group) {
  table <- anova(lm(values ~ factor(group)))
  sizes <- table(group)
  groups <- length(sizes)
  total <- sum(sizes)
  size <- (total - sum(sizes^2) / total) / (groups - 1)
  ratio <- table[["F value"]][1]
  correlation <- function(f) (f - 1) / (f - 1 + size)
  list(
    software = "stats",
    icc = correlation(ratio),
    lower = correlation(ratio / qf(0.975, groups - 1, total - groups)),
    upper = correlation(ratio * qf(0.975, total - groups, groups - 1)),
    nobs = total
  )
}

# mice: what was pooled and what Rubin's rules with Barnard and Rubin's df made of it
describe_pooling <- function(fits, term) {
  pooled <- mice::pool(fits)$pooled
  row <- pooled[pooled$term == term, ]
  of_each <- lapply(fits$analyses, function(fit) coef(summary(fit))[term, ])
  list(
    software = "mice",
    estimates = vapply(of_each, function(row) row[["Estimate"]], 0),
    variances = vapply(of_each, function(row) row[["Std. Error"]]^2, 0),
    complete_df = row$dfcom,
    estimate = row$estimate,
    se = sqrt(row$t),
    barnard_rubin_df = row$df,
    fmi = row$fmi
  )
}
