import { translations } from '../languages.js';
import type { ReasonTexts } from './reason-text.js';
import { germanReasons } from './reasons.de.js';
import { englishReasons } from './reasons.en.js';

/** Deny reasons in words. */
export const reasonsTexts = translations<ReasonTexts>({ en: englishReasons, de: germanReasons });
