/** One look for all widgets, in the colours of the notebook's theme, light or dark. */
export const style = `
.rlhf {
  --ink: var(--jp-ui-font-color1, var(--vscode-foreground, CanvasText));
  --soft: var(--jp-ui-font-color2, var(--vscode-descriptionForeground, GrayText));
  --paper: var(--jp-layout-color1, var(--vscode-editor-background, Canvas));
  --raised: var(--jp-layout-color2, var(--vscode-editorWidget-background, Canvas));
  --line: var(--jp-border-color2, var(--vscode-widget-border, GrayText));
  --accent: var(--jp-brand-color1, #1976d2);
  box-sizing: border-box; max-width: 780px; margin: 4px 0 8px; padding: 14px 18px 12px;
  color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: 10px;
  font: 14px/1.5 var(--jp-ui-font-family, system-ui, sans-serif);
}
.rlhf *, .rlhf *::before { box-sizing: border-box; }
.rlhf:focus-visible, .rlhf :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.rlhf:focus-visible { outline-offset: -3px; } /* outside the frame Jupyter would cut it off */
.rlhf-head { display: flex; align-items: baseline; gap: 14px; flex-wrap: wrap; }
.rlhf h4 { margin: 0; flex: 1 1 260px; font-size: 16px; font-weight: 600; color: var(--ink); }
.rlhf-count, .rlhf-time, .rlhf-who, .rlhf-hint { color: var(--soft); font-size: 13px; font-variant-numeric: tabular-nums; }
.rlhf-bar { height: 4px; margin: 10px 0 14px; border-radius: 2px; background: var(--raised); overflow: hidden; }
.rlhf-bar.rlhf-single { height: 0; margin-bottom: 4px; }
.rlhf-fill { height: 100%; width: 0; background: var(--accent); transition: width 0.15s; }
.rlhf-prompt { margin: 0 0 12px; padding: 8px 14px; border-left: 3px solid var(--accent); background: var(--raised); border-radius: 0 6px 6px 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.rlhf-pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(240px, 1fr)); gap: 14px; }
.rlhf-item { display: flex; flex-direction: column; min-height: 88px; border: 1px solid var(--line); border-radius: 8px; padding: 8px 14px 14px; }
.rlhf-item > h5 { margin: 0 0 4px; font-size: 11px; font-weight: 600; letter-spacing: 0.06em; text-transform: uppercase; color: var(--soft); }
.rlhf-text { flex: 1; font-size: 16px; white-space: pre-wrap; overflow-wrap: anywhere; }
.rlhf canvas { display: block; width: 100%; aspect-ratio: 3 / 2; border-radius: 6px; background: var(--raised); }
.rlhf-controls { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 14px; }
.rlhf button { display: inline-flex; align-items: center; justify-content: center; gap: 8px; min-height: 36px; padding: 4px 14px; color: var(--ink); background: var(--raised); border: 1px solid var(--line); border-radius: 7px; font: inherit; cursor: pointer; }
.rlhf-controls > button { flex: 1 1 110px; }
.rlhf button:hover:not(:disabled) { border-color: var(--accent); }
.rlhf button:active:not(:disabled), .rlhf button.rlhf-main { color: #fff; background: #1565c0; border-color: #1565c0; }
.rlhf button:disabled { opacity: 0.45; cursor: default; }
.rlhf kbd { min-width: 20px; padding: 0 5px; border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 4px; background: var(--paper); color: var(--ink); font: 12px/18px var(--jp-code-font-family, monospace); text-align: center; }
.rlhf-note { margin: 10px 0 0; color: var(--ink); }
.rlhf-note:empty { display: none; }
.rlhf-foot { display: flex; align-items: center; gap: 8px; margin-top: 12px; }
.rlhf-foot:empty { display: none; }
.rlhf-foot button { min-height: 28px; padding: 0 10px; font-size: 13px; background: transparent; }
.rlhf-who { margin-left: auto; }
.rlhf-over { opacity: 0.75; }
.rlhf-voice { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.rlhf input, .rlhf textarea { color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: 6px; padding: 6px 10px; font: inherit; }
.rlhf textarea { width: 100%; min-height: 130px; resize: vertical; font-size: 15px; }
.rlhf-arms { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 14px; }
.rlhf-paid { flex: 1; min-height: 66px; margin-bottom: 10px; font-size: 15px; white-space: pre-wrap; font-variant-numeric: tabular-nums; }
.rlhf-bars { display: grid; grid-template-columns: max-content 1fr max-content; gap: 6px 10px; align-items: center; font-variant-numeric: tabular-nums; }
.rlhf-bars i { display: block; height: 14px; min-width: 1px; border-radius: 3px; background: #4e8fd0; }
.rlhf-bars i.below { background: #c8672a; }
.rlhf-lottery { display: flex; height: 34px; border-radius: 6px; overflow: hidden; margin: 6px 0 10px; border: 1px solid var(--line); }
.rlhf-lottery span { min-width: 2px; }
.rlhf-odds { list-style: none; margin: 0; padding: 0; }
.rlhf-odds li { display: flex; align-items: center; gap: 8px; }
.rlhf-odds i { width: 12px; height: 12px; border-radius: 3px; }
.rlhf-odds b { min-width: 52px; font-variant-numeric: tabular-nums; }
.rlhf-turn { margin: 0 0 8px; padding: 6px 12px; border-radius: 10px; background: var(--raised); white-space: pre-wrap; overflow-wrap: anywhere; }
.rlhf-turn > b { display: block; font-size: 11px; font-weight: 600; color: var(--soft); }
.rlhf-turn.asks { margin-right: 12%; }
.rlhf-turn.replies { margin-left: 12%; border-left: 3px solid var(--accent); }
.rlhf-scale { display: grid; grid-template-columns: repeat(8, 1fr); gap: 6px; width: 100%; }
.rlhf-scale button { flex-direction: column; gap: 2px; padding: 6px 2px; }
.rlhf-ends { display: flex; justify-content: space-between; width: 100%; color: var(--soft); font-size: 13px; }
.rlhf-ranks { list-style: none; margin: 0; padding: 0; display: grid; gap: 8px; }
.rlhf-ranks li { display: grid; grid-template-columns: 34px 1fr auto; align-items: center; gap: 10px; padding: 8px 12px; border: 1px solid var(--line); border-radius: 8px; background: var(--paper); cursor: grab; }
.rlhf-ranks li.held { border-color: var(--accent); box-shadow: 0 2px 10px rgb(0 0 0 / 25%); }
.rlhf-ranks .place { font-size: 18px; font-weight: 600; color: var(--soft); text-align: center; }
.rlhf-ranks .moves { display: flex; gap: 4px; }
.rlhf-ranks .moves button { min-height: 28px; padding: 0 9px; }
.rlhf-amount { font-size: 20px; font-weight: 600; margin: 4px 0 10px; font-variant-numeric: tabular-nums; }
.rlhf input[type="range"] { width: 100%; padding: 0; accent-color: var(--accent); }
.rlhf canvas.rlhf-live { margin-top: 10px; max-height: 340px; transition: box-shadow 0.1s; }
.rlhf canvas.rlhf-live[data-world="Target"] { width: 340px; max-width: 100%; aspect-ratio: 1; margin-inline: auto; }
.rlhf button.rlhf-begin { width: 100%; margin-top: 14px; }
.rlhf [hidden] { display: none; }
.rlhf canvas[data-mark="plus"] { box-shadow: inset 0 0 0 5px #2f9e6e; }
.rlhf canvas[data-mark="minus"] { box-shadow: inset 0 0 0 5px #c8672a; }
.rlhf textarea + .rlhf-field { margin-top: 8px; }
.rlhf-field { display: flex; align-items: center; gap: 10px; flex-wrap: wrap; }
.rlhf-field input { width: 150px; font-size: 16px; }
.rlhf-plot { display: block; width: 100%; max-width: 640px; touch-action: none; cursor: crosshair; }
.rlhf-plot text { fill: var(--soft); font-size: 12px; }
.rlhf-plot .title { fill: var(--ink); font-size: 13px; }
.rlhf-plot .grid { stroke: var(--line); stroke-width: 1; opacity: 0.6; }
.rlhf-plot .drawn { fill: none; stroke: #4e8fd0; stroke-width: 3; stroke-linejoin: round; }
.rlhf-plot circle { fill: #4e8fd0; }
`;
