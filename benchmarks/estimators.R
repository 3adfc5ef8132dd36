# Times of lme4 and glmmTMB on the tables of `estimators.py`: median elapsed seconds of ROUNDS fits after one of warm-up.
#
#   Rscript estimators.R FOLDER_OF_TABLES ROUNDS TIMES.json
suppressPackageStartupMessages({
  library(lme4)
  library(lmerTest)
  library(glmmTMB)
})
arguments <- commandArgs(trailingOnly = TRUE)
years <- read.csv(file.path(arguments[1], "school_years.csv"))
pupils <- read.csv(file.path(arguments[1], "pupils.csv"))
rounds <- as.integer(arguments[2])

one <- count ~ arm + year2 + log_baseline + fsm + offset(log(pupils)) + (1 | authority)
nested <- update(one, . ~ . + (1 | school))
models <- list(
  poisson_quadrature = function() glmer(one, years, family = poisson, nAGQ = 25),
  poisson_nested = function() glmmTMB(nested, years, family = poisson),
  nb2_one_factor = function() glmmTMB(one, years, family = nbinom2),
  nb2_nested = function() glmmTMB(nested, years, family = nbinom2),
  logistic_quadrature = function() glmer(absent ~ arm + prior + (1 | school), pupils, family = binomial, nAGQ = 9),
  linear_nested = function() summary(lmerTest::lmer(attainment ~ arm + prior + (1 | authority) + (1 | school), pupils))
)
elapsed <- function(fit) {
  suppressWarnings(fit())
  times <- replicate(rounds, system.time(suppressWarnings(fit()), gcFirst = FALSE)[["elapsed"]])
  median(times)
}
packages <- c("lme4", "lmerTest", "glmmTMB")
versions <- paste(packages, vapply(packages, function(name) as.character(packageVersion(name)), ""))
software <- paste0("R ", R.version$major, ".", R.version$minor, ", ", paste(versions, collapse = ", "))
results <- list(software = software, seconds = lapply(models, elapsed))
jsonlite::write_json(results, arguments[3], auto_unbox = TRUE, digits = NA)
