namespace IncidentActors.Engine.Journals;

/// <summary>How a store marks an effect that is paused by a halt: a lease without a holder that ends with the halt.</summary>
public static class Parking
{
    public static string Token(string haltId) => "parked:" + haltId;
}
