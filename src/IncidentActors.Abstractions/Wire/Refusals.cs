using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Silo.Wire;

/// <summary>Converts a refusal to the return type of the grain method.</summary>
internal static class Refusals
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public static bool IsOurs(IGrainCallContext context) =>
        context.InterfaceMethod.DeclaringType?.Namespace?.StartsWith(nameof(IncidentActors), StringComparison.Ordinal) == true;

    public static object? Of(IGrainCallContext context, string sentence, bool known) => Of(context, new Unavailable(sentence, RetryAfter, known));

    /// <summary>The refusal as the method's result; null if its return type cannot carry one, so the caller throws.</summary>
    public static object? Of(IGrainCallContext context, Outcome refusal)
    {
        var awaited = context.InterfaceMethod.ReturnType;
        if (awaited == typeof(Task<Outcome>)) return refusal;
        return awaited == typeof(Task<InboxAnswer>) ? new InboxAnswer(null, refusal) : null;
    }
}
