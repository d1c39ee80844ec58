using IncidentActors.Engine.Journals;
using Orleans.Runtime.Messaging;

namespace IncidentActors.Silo.Wire;

/// <summary>
/// A cluster that is overloaded, changing or missing is reported in the same
/// words as a store that is: unavailable, come again with the same key.
/// </summary>
internal sealed class ClusterFaults : IOutgoingGrainCallFilter
{
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (Exception error) when (Refusals.IsOurs(context) && Sentence(error) is { } sentence)
        {
            var known = error is GatewayTooBusyException or LimitExceededException;
            context.Result = Refusals.Of(context, sentence, known) ?? throw new JournalUnavailableException(sentence, known);
        }
    }

    private static string? Sentence(Exception error) => error switch
    {
        GatewayTooBusyException or LimitExceededException => "The cluster is overloaded and did not take the command; send it again with the same key.",
        TimeoutException => "The cluster did not answer in time; the command may have been applied. Send it again with the same key.",
        OperationCanceledException => "The cluster did not find the actor's silo in time; send the command again with the same key.",
        OrleansMessageRejectionException or ConnectionFailedException or ClientNotAvailableException =>
            "The silo that had the command is not there any more; the command may have been applied. Send it again with the same key.",
        _ => null,
    };
}
