/** One picture that the viewer can show. */
export interface Picture {
  /** Of its message's row. */
  key: string;
  url: string;
  /** Shown until the whole picture is there. */
  thumbUrl: string;
  width: number;
  height: number;
  /** What it is called: "Photo from Ana, 10:32". */
  name: string;
  author: string;
  /** When it was sent, as its message shows it. */
  time: string;
  caption: string;
}
