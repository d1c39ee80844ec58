using IncidentActors.Behaviour;
using IncidentActors.Client;
using Npgsql;

namespace IncidentActors.Silo.Tests.Clients;

/// <summary>The connection string of a service becomes that of the cluster's tables, whichever of Npgsql's names it uses.</summary>
public sealed class GatewayDatabaseTests
{
    [Theory]
    [InlineData("Host=db;Search Path=public;Maximum Pool Size=3", 3)]
    [InlineData("Server=db;SearchPath=public;MaxPoolSize=3", 3)]
    [InlineData("Host=db;Maximum Pool Size=50", 10)]
    [InlineData("Host=db", 10)]
    public void Schema_and_pool_are_the_clusters(string given, int pool)
    {
        var settings = new NpgsqlConnectionStringBuilder(GatewayDatabase.ConnectionString(given));

        Assert.Equal(("db", "orleans", pool), (settings.Host, settings.SearchPath, settings.MaxPoolSize));
    }

    [BehaviourFact]
    public void An_unknown_keyword_is_refused() =>
        Assert.Throws<ArgumentException>(() => GatewayDatabase.ConnectionString("Host=db;Serch Path=public"));
}
