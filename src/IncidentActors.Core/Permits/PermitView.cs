using IncidentActors.Core.Halts;

namespace IncidentActors.Core.Permits;

/// <summary>A permit as callers see it.</summary>
/// <param name="Status"><c>open</c>: the action may go on. <c>halted</c> or <c>over</c>: it must have stopped, and nothing has been reported yet.
/// <c>unknown</c> until it is settled; <c>done</c>, <c>failed</c>, <c>closed</c>.</param>
/// <param name="Seconds">For how long each grant and renewal holds, from when it was asked for.</param>
/// <param name="Halt">The halt that ended it; null if there is none.</param>
public sealed record PermitView(
    string Id, long Version, string Status, string Holder, string Action, string? Target, string? Environment, string? Digest, string? AtpId,
    string? IncidentId, string? Path, int Seconds, DateTimeOffset GrantedAt, DateTimeOffset Until, DateTimeOffset? EndedAt, string? EndedBy,
    string? Notes, string? HaltId, HaltNotice? Halt, string? BreakGlass)
{
    /// <param name="ended">The halt that ended it and is known, or null.</param>
    public static PermitView Of(PermitState state, long version, HaltRecord? ended, DateTimeOffset now) => new(
        state.Id, version, StatusOf(state, ended, now), state.Holder, state.Action, state.Target, state.Environment, state.Digest, state.AtpId,
        state.IncidentId, state.Path, state.Seconds, state.GrantedAt, state.Until, state.EndedAt, state.EndedBy, state.Notes,
        ended?.Id ?? state.HaltId, ended?.Notice(), state.BreakGlass);

    private static string StatusOf(PermitState state, HaltRecord? ended, DateTimeOffset now) => state.Status switch
    {
        PermitStatus.Open when ended is not null => "halted",
        PermitStatus.Open when now > state.Until => "over",
        _ => state.Status.ToString().ToLowerInvariant(),
    };
}
