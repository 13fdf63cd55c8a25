import { useStore as useZustand } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { initialState, type State } from './state';

/** The one store. Whoever changes it says how by a function of state to state. */
export const store = createStore<State>()(() => initialState);

export function change(by: (state: State) => State): void {
  store.setState(by, true);
}

export function read(): State {
  return store.getState();
}

/** A part of the state, for components. The selector must give the same object for the same state. */
export function useStore<T>(select: (state: State) => T): T {
  return useZustand(store, select);
}
