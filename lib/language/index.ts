/** The room of languages: what a learner reads, in another language than English. */
export {
  type Catalogue,
  catalogueFile,
  catalogueOf,
  COMMON,
  hashOfEnglish,
  parseCatalogue,
  type Translated,
} from "./catalogue";
export { folderOf, language, languages, ORIGINAL } from "./language";
export { speaker, type Speaker } from "./speak";
export { templateOf, translate } from "./templates";
