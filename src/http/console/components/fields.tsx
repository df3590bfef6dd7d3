import type { ComponentChildren, InputHTMLAttributes } from 'preact';

interface FieldProps {
  name: string;
  label: string;
  /** What to enter, before anybody has to try. */
  hint?: ComponentChildren;
  /** What is wrong with what was entered. */
  error?: string | undefined;
}

interface InputProps {
  value?: string;
  maxLength?: number;
  required?: boolean;
  autocomplete?: string;
  autocapitalize?: 'none';
  spellcheck?: boolean;
  placeholder?: string;
  /** `/` goes there. */
  isSearch?: boolean;
}

type TextFieldProps = FieldProps &
  InputProps & { type?: 'text' | 'search' | 'password' | 'date' | 'number' | 'datetime-local' };

/** A field with its label, a hint and what is wrong; a screen reader reads all three. */
export function TextField({ name, label, hint, error, isSearch, ...input }: TextFieldProps) {
  const own = { id: name, name, ...input, ...(isSearch === true && { 'data-search': true }) };
  // Preact has a type for each kind of input; ours is one for several.
  const attributes = { ...own, ...describedBy(name, hint, error) } as InputHTMLAttributes;
  return (
    <Field {...{ name, label, hint, error }}>
      <input {...attributes} />
    </Field>
  );
}

type TextAreaProps = FieldProps & Omit<InputProps, 'isSearch'> & { rows?: number };

export function TextArea({ name, label, hint, error, value, ...area }: TextAreaProps) {
  return (
    <Field {...{ name, label, hint, error }}>
      <textarea id={name} name={name} {...describedBy(name, hint, error)} {...area}>
        {value}
      </textarea>
    </Field>
  );
}

export interface Option {
  value: string;
  text: string;
}

type SelectProps = FieldProps & { options: readonly Option[]; value?: string | undefined };

export function SelectField({ name, label, hint, error, options, value }: SelectProps) {
  return (
    <Field {...{ name, label, hint, error }}>
      <select id={name} name={name} {...describedBy(name, hint, error)}>
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.text}
          </option>
        ))}
      </select>
    </Field>
  );
}

interface CheckBoxProps {
  name: string;
  value: string;
  isChecked?: boolean;
  children: ComponentChildren;
}

export function CheckBox({ name, value, isChecked = false, children }: CheckBoxProps) {
  return (
    <label class="check">
      <input type="checkbox" name={name} value={value} checked={isChecked} />
      <span>{children}</span>
    </label>
  );
}

function Field({ name, label, hint, error, children }: FieldProps & { children: ComponentChildren }) {
  return (
    <div class={error === undefined ? 'field' : 'field wrong'}>
      <label for={name}>{label}</label>
      {hint !== undefined && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {children}
      {error !== undefined && (
        <p class="error" id={`${name}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

function describedBy(name: string, hint: unknown, error: unknown) {
  const ids = [hint !== undefined && `${name}-hint`, error !== undefined && `${name}-error`].filter(Boolean);
  return {
    ...(ids.length > 0 && { 'aria-describedby': ids.join(' ') }),
    ...(error !== undefined && { 'aria-invalid': true }),
  };
}
