global using Turns = IncidentActors.Engine.Turns.Turns;
