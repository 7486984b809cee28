/** The instructor's desk: the submissions of a class, graded in one call. */
export { classCsv } from "./class-csv";
export { classText, scoreLine } from "./class-text";
export { type FailedCheck, failedChecks } from "./failed-checks";
export { feedbackNames, feedbackPage } from "./feedback";
export { type ClassProgress, gradeClass, type GradedLearner, type LearnerResult } from "./grade-class";
export { fillGradebook } from "./gradebook";
export { gradescopeFailure, gradescopeResults } from "./gradescope";
export { learnerCode } from "./learner-code";
export { Lessons } from "./lessons";
export { recognise } from "./platforms";
export { type ClassFolder, readClass, readLearner, type Submission, understood } from "./submissions";
