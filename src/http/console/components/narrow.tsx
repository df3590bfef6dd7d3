interface NarrowProps {
  /** The ID of what has the entries; each of them is marked with `data-item`. */
  of: string;
  label: string;
}

/** A field that leaves those entries of a long list to be seen that have a text in them. Without the script all are. */
export function Narrow({ of, label }: NarrowProps) {
  const id = `${of}-search`;
  return (
    <div class="field needs-script">
      <label for={id}>{label}</label>
      <input id={id} type="search" autocomplete="off" spellcheck={false} data-narrows={of} data-search />
    </div>
  );
}
