/** The dataset that is a source, by its names. */
export interface SourceName {
  readonly file: string;
  readonly dataset: string;
}

export const sourceKey = ({ file, dataset }: SourceName): string => `${file}\0${dataset}`;
