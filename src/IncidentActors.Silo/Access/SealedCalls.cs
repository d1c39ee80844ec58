namespace IncidentActors.Silo.Access;

/// <summary>Each call that a silo makes carries its seal, unless it goes to a client.</summary>
internal sealed class SealedCalls(SiloSeal seal) : IOutgoingGrainCallFilter
{
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (context.TargetId.IsClient()) seal.TakeOff();
        else seal.PutOn();
        await context.Invoke();
    }
}
