namespace IncidentActors.Engine.Journals;

/// <summary>How a store marks an effect that rests under a halt: a lease that nobody holds and that ends with the halt.</summary>
public static class Parking
{
    public static string Token(string haltId) => "parked:" + haltId;
}
