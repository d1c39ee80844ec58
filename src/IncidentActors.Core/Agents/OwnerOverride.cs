using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Agents;

/// <summary>
/// User override (seed 003): a handle with the role <c>owner</c> outranks every halt, gate and flow when its call names a reason. The
/// reason is recorded as a separate event. Without a reason the normal rules apply, so nothing is bypassed silently.
/// </summary>
public static class OwnerOverride
{
    /// <summary>Refuses an override by a caller without the role owner, or without a reason. Null: no override, or a valid one.</summary>
    public static Rejected? Check(AgentInfo caller) => caller.Override switch
    {
        null => null,
        _ when !caller.Has(Roles.Owner) => Rejected.Role(
            Rules.OverrideRole, $"{caller.Handle} may not override; only the role {Roles.Owner} may. Send it without override."),
        "" => Rejected.Malformed(Rules.OverrideReason, "An override needs a reason; the reason is recorded."),
        _ => null,
    };

    /// <summary>A refusal of the owner says how it is overridden.</summary>
    public static Rejected Hint(Rejected rejected, AgentInfo caller) =>
        caller.Has(Roles.Owner)
            && caller.Override is null
            && rejected.Kind is RejectionKind.Rule or RejectionKind.Role or RejectionKind.Conflict or RejectionKind.Halted
            ? rejected with { Sentence = $"{rejected.Sentence} {HowTo}" }
            : rejected;

    public const string HowTo = "As owner you may override it: send it again with override and your reason.";

    /// <summary>What a command is called where an override of it is recorded: <c>ChangeStatus</c>.</summary>
    public static string NameOf(ICommand command) => command.GetType().Name;
}
